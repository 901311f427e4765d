namespace Microcosm.Nginx;

/// <summary>What the Server header tells.</summary>
internal enum ServerTokens
{
    Off,
    On,
    Build,
}
