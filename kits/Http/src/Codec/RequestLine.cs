namespace Microcosm.Http;

/// <summary>Where in a request's head its first line and the parts of that are.</summary>
internal struct RequestLine
{
    public HttpMethod Method;
    public TargetForm Form;
    public HttpVersion Version;
    public int Start;
    public int End;
    public int MethodEnd;

    /// <summary>The target as nginx' $request_uri has it: of an absolute form without scheme and host.</summary>
    public int Target;
    public int TargetEnd;
    public int Scheme;
    public int SchemeEnd;
    public int Host;
    public int HostEnd;
    public int Protocol;

    /// <summary>An absolute form whose path is empty: its path is "/".</summary>
    public bool HasEmptyPath;
}
