namespace Microcosm.Nginx;

/// <summary>What a failed internal check does to a worker of nginx.</summary>
internal enum DebugPoints
{
    None,
    Stop,
    Abort,
}
