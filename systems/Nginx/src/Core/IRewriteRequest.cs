namespace Microcosm.Nginx;

/// <summary>What the rewrite module reads and changes of a request.</summary>
internal interface IRewriteRequest
{
    /// <summary>The path: decoded, normalised.</summary>
    ReadOnlySpan<byte> Uri { get; }

    /// <summary>What follows the question mark, as it came.</summary>
    ReadOnlySpan<byte> Arguments { get; }

    /// <summary>The path had escapes or plus signs: captures of it are escaped where they become arguments or a redirect's URL.</summary>
    bool HasEscapedUri { get; }

    /// <summary>The path was rewritten; <paramref name="isBreak"/>: without a new search for a location.</summary>
    void SetUri(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments, bool isBreak);

    /// <summary><c>break</c>: what was rewritten before starts no new search.</summary>
    void StopSearch();

    /// <summary>From here on these settings hold.</summary>
    void Enter(HttpLocation location);

    /// <summary>Asks the file system.</summary>
    bool Test(ReadOnlySpan<byte> path, FileTest test);

    /// <summary>A line for <c>rewrite_log</c>, or an error where <paramref name="isError"/>.</summary>
    void Log(string message, bool isError);
}
