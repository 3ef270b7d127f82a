namespace ScimServer.Startup;

/// <summary>The server cannot start as it is set up. The message tells the operator what to change.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
