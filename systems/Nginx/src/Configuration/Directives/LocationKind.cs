namespace Microcosm.Nginx;

/// <summary>How a location is chosen.</summary>
internal enum LocationKind
{
    /// <summary>The server's own level.</summary>
    Server,

    /// <summary><c>location /x</c>: the longest that the path begins with.</summary>
    Prefix,

    /// <summary><c>location ^~ /x</c>: as a prefix, and no pattern is asked.</summary>
    PrefixNoPatterns,

    /// <summary><c>location = /x</c>.</summary>
    Exact,

    /// <summary><c>location ~ x</c>: the first that matches.</summary>
    Pattern,

    /// <summary><c>location @x</c>: by name only.</summary>
    Named,

    /// <summary>An <c>if</c> block's configuration.</summary>
    If,

    /// <summary>A <c>limit_except</c> block's configuration.</summary>
    LimitExcept,
}
