namespace Microcosm.Nginx;

/// <summary>Whether a closing connection still reads what comes.</summary>
internal enum LingeringClose
{
    Off,
    On,
    Always,
}
