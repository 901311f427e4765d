namespace Microcosm.Nginx;

/// <summary>The addresses that servers listen on, each with its servers, as <c>listen</c> directives add them.</summary>
internal sealed class ListenTable
{
    private readonly List<Listen> _listens = [];

    public IReadOnlyList<Listen> Listens => _listens;

    /// <summary>Adds a server to an address. Throws where nginx does; <paramref name="warn"/> takes its warnings.</summary>
    public void Add(Address address, ListenOptions options, ServerDraft server, Action<string> warn)
    {
        if (_listens.Find(l => l.Address == address && l.Options.IsUdp == options.IsUdp) is not { } listen)
        {
            _listens.Add(new Listen(address, options, server));
            return;
        }
        if (listen.Servers.Contains(server))
            throw new ConfigurationException($"a duplicate listen {address}");
        listen.Servers.Add(server);
        listen.Merge(options, server, warn);
    }

    /// <summary>One address.</summary>
    internal sealed class Listen(Address address, ListenOptions options, ServerDraft first)
    {
        private int _protocols;
        private bool _protocolsSet;
        private bool _protocolsChanged;

        public Address Address { get; } = address;

        public ListenOptions Options { get; private set; } = options;

        public List<ServerDraft> Servers { get; } = [first];

        public ServerDraft DefaultServer { get; private set; } = first;

        public void Merge(ListenOptions added, ServerDraft server, Action<string> warn)
        {
            var before = Options;
            if (added.HasSocketOptions)
            {
                if (before.HasSocketOptions)
                    throw new ConfigurationException($"duplicate listen options for {Address}");
                Options = added;
            }
            if (added.IsDefault)
            {
                if (before.IsDefault)
                    throw new ConfigurationException($"a duplicate default server for {Address}");
                DefaultServer = server;
            }
            CheckProtocols(before, added, warn);
            Options = Options with
            {
                IsDefault = before.IsDefault || added.IsDefault,
                IsTls = before.IsTls || added.IsTls,
                IsHttp2 = before.IsHttp2 || added.IsHttp2,
                IsProxyProtocol = before.IsProxyProtocol || added.IsProxyProtocol,
            };
        }

        // Servers of one address ought to say the same of its protocols; what all of them said together counts.
        private void CheckProtocols(ListenOptions before, ListenOptions added, Action<string> warn)
        {
            var (now, then) = (Protocols(added), Protocols(before));
            var isAdding = (now | then) != then;
            var isRemoving = !isAdding && (now | then) != now;
            var redefined = isAdding
                ? (before.HasSocketOptions && !added.HasSocketOptions) || _protocolsChanged || (now | then) != now
                : isRemoving ? added.HasSocketOptions || (_protocolsSet && now != _protocols)
                : (added.HasSocketOptions && _protocolsChanged) || (_protocolsSet && now != _protocols);
            if (redefined)
                warn($"protocol options redefined for {Address}");
            _protocols = isAdding ? then : now;
            _protocolsSet = true;
            _protocolsChanged |= isAdding || isRemoving;
        }

        private static int Protocols(ListenOptions o) => (o.IsProxyProtocol ? 1 : 0) | (o.IsTls ? 2 : 0) | (o.IsHttp2 ? 4 : 0);
    }
}
