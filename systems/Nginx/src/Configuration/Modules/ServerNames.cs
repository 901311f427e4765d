namespace Microcosm.Nginx;

/// <summary>Checks the names of servers that share an address, and makes the table to choose one by.</summary>
internal static class ServerNames
{
    /// <summary>Warns of names that two servers of one address have; the first keeps it.</summary>
    public static void Check(ConfigurationLoader loader, PartDraft part)
    {
        foreach (var listen in part.Listens.Listens)
        {
            if (listen.Servers.Count < 2 && !listen.DefaultServer.Names.Exists(n => n.Pattern is { Pattern.Groups: > 0 }))
                continue;
            var table = new HostNameTable<ServerDraft>();
            foreach (var (name, server) in NamesOf(listen))
            {
                switch (table.Add(name.Text, server, wildcards: true))
                {
                    case HostNameAdded.Invalid:
                        throw ConfigurationException.Unplaced($"invalid server name or wildcard \"{name.Text}\" on {listen.Address}");
                    case HostNameAdded.Conflict:
                        loader.WarnUnplaced($"conflicting server name \"{name.Text}\" on {listen.Address}, ignored");
                        break;
                }
            }
        }
    }

    /// <summary>Literal names with their servers; a server without a name has the empty one.</summary>
    public static IEnumerable<(ServerName Name, ServerDraft Server)> NamesOf(ListenTable.Listen listen) => listen.Servers.SelectMany(
        s => s.Names.Count == 0 ? [new ServerName("", null)] : s.Names.Where(n => n.Pattern is null), (s, n) => (n, s));
}
