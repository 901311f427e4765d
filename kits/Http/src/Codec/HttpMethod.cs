namespace Microcosm.Http;

/// <summary>Methods that have meaning to servers; any other is <see cref="Other"/> and known by its name.</summary>
public enum HttpMethod : byte
{
    Other,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Options,
    Patch,
    Connect,
    Trace,
    MkCol,
    Copy,
    Move,
    PropFind,
    PropPatch,
    Lock,
    Unlock,
}
