using System.ComponentModel.DataAnnotations;

namespace ScimServer.Outbound;

/// <summary>Requests that the server sends to addresses that others chose; section <c>Outbound</c> of the configuration.</summary>
public sealed class OutboundOptions
{
    /// <summary>The section that the options are read from.</summary>
    public const string Section = "Outbound";

    /// <summary>
    /// Networks that are not public and may be sent to all the same, as CIDR (<c>10.20.0.0/16</c>, <c>fd00::/8</c>). Default none.
    /// Only who configures the server can allow them.
    /// </summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Whether addresses may begin with <c>http://</c>. Default false: what is sent holds personal data.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Seconds from the start of a request to the end of its answer. Default 15 (EVT-87, EVT-111).</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>Seconds to connect. Default 5.</summary>
    [Range(1, 60)]
    public int ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>Bytes of an answer that are read; the rest is left unread. Default 16384.</summary>
    [Range(0, 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 16 * 1024;
}
