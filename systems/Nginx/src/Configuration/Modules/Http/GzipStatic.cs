namespace Microcosm.Nginx;

/// <summary>Whether a file with .gz behind its name is sent instead.</summary>
internal enum GzipStatic
{
    Off,
    On,
    Always,
}
