namespace Microcosm.Nginx;

/// <summary>Whether all access rules must let a request pass, or one.</summary>
internal enum Satisfy
{
    All,
    Any,
}
