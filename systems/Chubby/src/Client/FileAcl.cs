namespace Microcosm.Chubby.Client;

/// <summary>One line of a file's ACL. ZooKeeper's clients see the same line.</summary>
/// <param name="Scheme"><c>world</c> or <c>ip</c>.</param>
/// <param name="Id"><c>anyone</c>, an address or a range (<c>10.0.0.0/8</c>).</param>
/// <param name="Allows">Letters of <c>rwcda</c>: read, write, create children, delete children, change the ACL.</param>
public readonly record struct FileAcl(string Scheme, string Id, string Allows);
