using ScimServer.Cli;
using ScimServer.Startup;

if (CommandLine.Handles(args))
{
    return await CommandLine.RunAsync(args);
}

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = ServerFolder.Find(args) });
    builder.AddSecretFiles();
    builder.AddScimLogging();
    builder.AddScimTelemetry();
    builder.AddScimDatabase();
    builder.AddTrustedProxies();
    builder.AddConnections();
    builder.AddShutdown();
    builder.Services.AddScimHttp(builder.Configuration);
    builder.Services.AddScimAuthentication();
    builder.Services.AddScimOAuth();
    builder.Services.AddScimAdmin();
    builder.Services.AddScimHealth();
    builder.Services.AddOutbound();
    builder.Services.AddScimEvents();
    builder.Services.AddScimWebhooks();
    builder.Services.AddSecurityEvents();
    builder.Services.AddProvisioningLog();
    builder.Services.AddScimSwagger();

    var app = builder.Build();
    app.ValidateOptions();
    app.UseTrustedProxies();
    app.UseHsts();
    app.UseScimTelemetry();
    app.UseScimRequestLogging();
    app.UseProvisioningLog();
    app.UseScimHttp();
    app.UseScimSwagger();
    app.UseStartupGate();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseRateLimiter();
    app.MapScimHealth();
    app.MapScim();
    app.MapScimOAuth();
    app.MapSecurityEvents();

    await app.RunAsync();
    return Environment.ExitCode;
}
catch (OperationCanceledException)
{
    // Told to stop while starting.
    return ExitCodes.Success;
}
catch (Exception exception) when (StartupFailure.Explain(exception) is { } explanation)
{
    await Console.Error.WriteLineAsync($"ScimServer cannot start: {explanation}");
    return ExitCodes.Failure;
}
