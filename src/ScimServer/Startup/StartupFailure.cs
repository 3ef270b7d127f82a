using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ScimServer.Startup;

/// <summary>Puts what operators can mend into words. What they cannot mend keeps its stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>Whether nothing needs to be said in the log: the operator is told otherwise, or ended the start.</summary>
    public static bool IsExplained(Exception? exception) =>
        exception is OperationCanceledException || (exception is not null && Explain(exception) is not null);

    /// <summary>The explanation, or null when the failure is not one of the set-up.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException => exception.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),

        // Settings of several sections.
        AggregateException { InnerExceptions: var all } when all.All(one => one is OptionsValidationException) =>
            string.Join(Environment.NewLine, all.Select(Explain)),
        IOException { InnerException: AddressInUseException } => $"{exception.Message} Choose another address, for example ASPNETCORE_URLS=http://localhost:5080.",
        SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } =>
            $"It cannot listen on the address that ASPNETCORE_URLS (or --urls, or Kestrel:Endpoints) gives: {exception.Message}.",
        FormatException { Source: "Microsoft.AspNetCore.Http" } => $"ASPNETCORE_URLS (or --urls, or Kestrel:Endpoints) holds no address: {exception.Message}.",

        // What the configuration binder and the protocol's own options refuse; their texts name the setting.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => exception.Message,
        ArgumentException { Source: "Scim", ParamName: "options" } => exception.Message.Replace(" (Parameter 'options')", "", StringComparison.Ordinal),
        InvalidDataException { InnerException: FormatException { InnerException: JsonException cause } } => $"{exception.Message} {cause.Message}",
        InvalidOperationException { Source: "Serilog.Settings.Configuration" } => $"The section Serilog: {exception.Message}",
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } => exception.Message,

        // A certificate, mostly; the texts name the file. The name of an assembly that is missing is no path.
        FileNotFoundException { FileName: { } file } when Path.IsPathRooted(file) => exception.Message,
        DirectoryNotFoundException or UnauthorizedAccessException => exception.Message,
        CryptographicException and not AuthenticationTagMismatchException => $"A certificate or its key (Kestrel:Certificates, Kestrel:Endpoints) cannot be read: {exception.Message}",
        _ => null,
    };
}
