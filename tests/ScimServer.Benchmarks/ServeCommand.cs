using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScimServer.Authentication;
using ScimServer.Benchmarks;

[assembly: HostingStartup(typeof(MeasuredServer))]

namespace ScimServer.Benchmarks;

/// <summary>
/// <c>serve</c>: the server inside of this program, with what a measurement needs and a server that ships must not have: it tells
/// how much it has allocated, and can be made to take every request for an authenticated one.
/// </summary>
internal static class ServeCommand
{
    /// <summary>Set to 1 in the environment: requests are not authenticated.</summary>
    public const string TrustsEveryone = "SCIM_BENCHMARK_TRUSTS_EVERYONE";

    /// <summary>Answers with the bytes that the process has allocated so far.</summary>
    public const string Allocated = "/benchmark/allocated";

    public static Command Create()
    {
        var command = new Command("serve", "The server, started by the other commands.") { Hidden = true };
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(ServeCommand).Assembly.GetName().Name);
        Environment.SetEnvironmentVariable("ASPNETCORE_APPLICATIONNAME", "ScimServer");
        return (int)Assembly.Load("ScimServer").EntryPoint!.Invoke(null, [Array.Empty<string>()])!;
    }
}

/// <summary>Found by ASP.NET Core through the environment of <c>serve</c>.</summary>
internal sealed class MeasuredServer : IHostingStartup, IStartupFilter
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
    {
        services.AddSingleton<IStartupFilter>(this);
        if (Environment.GetEnvironmentVariable(ServeCommand.TrustsEveryone) == "1")
        {
            services.PostConfigure<AuthenticationOptions>(options => options.SchemeMap[AccessTokenDefaults.Scheme].HandlerType = typeof(TrustingHandler));
        }
    });

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map(ServeCommand.Allocated, branch => branch.Run(context =>
            context.Response.WriteAsync(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture))));
        next(app);
    };
}
