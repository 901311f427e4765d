namespace Microcosm.Http;

/// <summary>A response's first line.</summary>
internal struct StatusLine
{
    public HttpVersion Version;
    public int Status;

    /// <summary>The code and the words behind it, as they came.</summary>
    public int Code;
    public int End;
}
