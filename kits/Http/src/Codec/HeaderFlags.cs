namespace Microcosm.Http;

/// <summary>What is odd about a field's name.</summary>
[Flags]
public enum HeaderFlags : byte
{
    None = 0,

    /// <summary>It has an underscore, which CGI-like names cannot tell from a hyphen.</summary>
    Underscore = 1,

    /// <summary>It has a byte that is no letter, digit, hyphen or underscore.</summary>
    InvalidName = 2,
}
