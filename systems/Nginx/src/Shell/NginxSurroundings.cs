using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What nginx finds around it.</summary>
/// <param name="Files">Files that the configuration names.</param>
/// <param name="BuiltInErrorLog">Where errors go that no configuration says where (<c>-e</c>): a path, empty for standard error; null for
/// the place that is built in.</param>
/// <param name="Node">The node of a world that it is; null for a process. A node writes no access log that its configuration does not
/// name.</param>
internal sealed record NginxSurroundings(
    IConfigurationFiles Files, int ProcessId, string HostName, Action<byte[]> StandardError, string? BuiltInErrorLog = null,
    NodeContext? Node = null);
