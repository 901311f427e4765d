namespace Microcosm.Nginx;

/// <summary>What the time of <c>expires</c> counts from.</summary>
internal enum ExpiresKind
{
    Off,
    Epoch,
    Max,
    Access,
    Modified,
    Daily,
}
