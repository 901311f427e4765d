namespace Microcosm.Http;

/// <summary>The forms of a request's target (RFC 9112 3.2).</summary>
public enum TargetForm : byte
{
    /// <summary><c>/path?query</c>.</summary>
    Origin,

    /// <summary><c>http://host/path</c>.</summary>
    Absolute,

    /// <summary><c>host:port</c>, of CONNECT.</summary>
    Authority,

    /// <summary><c>*</c>, of OPTIONS.</summary>
    Asterisk,
}
