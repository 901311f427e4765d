namespace Microcosm.Nginx;

/// <summary><c>client_body_in_file_only</c>.</summary>
internal enum BodyInFile
{
    Off,
    On,
    Clean,
}
