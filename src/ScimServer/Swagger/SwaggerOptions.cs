namespace ScimServer.Swagger;

/// <summary>The page at <c>/swagger</c>; section <c>Swagger</c> of the configuration.</summary>
public sealed class SwaggerOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Swagger";

    /// <summary>Whether the page and the OpenAPI document are served. Default true.</summary>
    public bool Enabled { get; set; } = true;
}
