namespace Microcosm.Nginx;

/// <summary>Whether a file with .gz, or .br, behind its name is sent instead.</summary>
internal enum GzipStatic
{
    Off,
    On,
    Always,
}
