namespace Microcosm.Nginx;

/// <summary>How a folder is listed.</summary>
internal enum AutoIndexFormat
{
    Html,
    Json,
    Jsonp,
    Xml,
}
