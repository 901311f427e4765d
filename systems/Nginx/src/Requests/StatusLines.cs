namespace Microcosm.Nginx;

/// <summary>The words of status lines where nginx has others than RFC 9110.</summary>
internal static class StatusLines
{
    /// <summary>Empty for the usual ones, and for statuses that have none.</summary>
    public static ReadOnlySpan<byte> Of(int status) => status switch
    {
        302 => "Moved Temporarily"u8,
        405 => "Not Allowed"u8,
        408 => "Request Time-out"u8,
        413 => "Request Entity Too Large"u8,
        414 => "Request-URI Too Large"u8,
        416 => "Requested Range Not Satisfiable"u8,
        503 => "Service Temporarily Unavailable"u8,
        504 => "Gateway Time-out"u8,
        _ => default,
    };
}
