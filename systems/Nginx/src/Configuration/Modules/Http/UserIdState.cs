namespace Microcosm.Nginx;

/// <summary>What <c>userid</c> does.</summary>
internal enum UserIdState
{
    Off,
    Log,
    V1,
    On,
}
