namespace Microcosm.Nginx;

/// <summary>
/// How an address is read: for a listening socket, with a path behind it, with a port of its own, with names looked up or not.
/// </summary>
internal readonly record struct HostUrlRules(int DefaultPort, bool IsListen = false, bool HasUri = false, INameResolver? Names = null);
