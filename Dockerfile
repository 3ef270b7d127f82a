FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What decides which packages are needed comes first: a change of code does not download them again.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Scim/Scim.csproj src/Scim/
COPY src/Scim.EntityFrameworkCore/Scim.EntityFrameworkCore.csproj src/Scim.EntityFrameworkCore/
COPY src/ScimServer/ScimServer.csproj src/ScimServer/
RUN dotnet restore src/ScimServer --use-current-runtime

COPY .editorconfig ./
COPY src/ src/
RUN dotnet publish src/ScimServer --no-restore --use-current-runtime --configuration Release --output /app -p:UseAppHost=false


FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./

# The embedded database, for those who use it, belongs to the image's user "app".
RUN mkdir data && chown "$APP_UID" data
USER $APP_UID

# No debugger's socket, which would be written.
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["dotnet", "ScimServer.dll", "health"]
ENTRYPOINT ["dotnet", "ScimServer.dll"]
