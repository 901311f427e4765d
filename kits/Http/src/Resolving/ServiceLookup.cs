using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Waits for the servers of a service (RFC 2782) and for the addresses of each.</summary>
internal sealed class ServiceLookup : Lookup
{
    private const int AliasesMax = 50;
    private const int ServersMax = 256;

    private readonly Resolver _resolver;
    private readonly Resend _resend;
    private readonly List<Lookup> _lookups = [];
    private readonly List<(string Name, ResolveStatus Status)> _failed = [];
    private Resolution[] _parts = [];
    private string _name;
    private DnsQuestion? _question;
    private long _validSeconds;
    private int _server;
    private int _aliases;
    private int _missing;

    /// <param name="name">With the service before it.</param>
    public ServiceLookup(Resolver resolver, string name, Action<Resolution> done)
        : base(resolver.Worker.Deadlines, done)
    {
        (_resolver, _name, _resend) = (resolver, name, new Resend(this));
    }

    private protected override Resolution OutOfTime => _resolver.Failure(ResolveStatus.TimedOut);

    /// <summary>Asks. False for what is no name.</summary>
    public bool TryBegin(long timeoutMs)
    {
        _server = _resolver.NextServer();
        WaitAtMost(timeoutMs);
        return TrySend();
    }

    private protected override void Left()
    {
        _question?.End();
        _resolver.Worker.Deadlines.Remove(_resend);
        foreach (var lookup in _lookups.ToArray())
            lookup.Cancel();
    }

    private bool TrySend()
    {
        _question?.End();
        _question = DnsQuestion.TryAsk(
            _resolver.Worker, _resolver.Options.Servers[_server], _resolver.NextId(), _name, DnsType.Srv, Answered);
        _resolver.Worker.Deadlines.Set(_resend, _resolver.Options.ResendMs);
        return _question is not null;
    }

    private void Answered(DnsResponse response)
    {
        _resolver.Worker.Deadlines.Remove(_resend);
        DnsRecord[] servers = [.. response.Answers.Where(r => r.Type == DnsType.Srv).OrderBy(r => r.Priority).Take(ServersMax)];
        if (response.Code != ResolveStatus.Ok)
        {
            Tell(_resolver.Failure(response.Code));
            return;
        }
        if (servers.Length > 0)
        {
            AskFor(servers, _resolver.ValidSecondsOf(response.Answers));
            return;
        }
        var alias = response.Answers.LastOrDefault(r => r.Type == DnsType.CName)?.Name;
        if (alias is null || _aliases++ >= AliasesMax)
        {
            Tell(_resolver.Failure(ResolveStatus.NotFound));
            return;
        }
        _name = alias;
        if (!TrySend())
            Tell(_resolver.Failure(ResolveStatus.NotFound));
    }

    private void AskFor(DnsRecord[] servers, long validSeconds)
    {
        _validSeconds = validSeconds;
        _parts = new Resolution[servers.Length];
        _missing = servers.Length;
        for (var i = 0; i < servers.Length; i++)
        {
            var (at, server) = (i, servers[i]);
            if (_resolver.Resolve(server.Name, 0, r => Came(at, server, r)) is { } lookup)
                _lookups.Add(lookup);
        }
    }

    private void Came(int at, DnsRecord server, Resolution part)
    {
        _validSeconds = part.Status == ResolveStatus.Ok ? Math.Min(_validSeconds, part.ValidSeconds) : _validSeconds;
        if (part.Status != ResolveStatus.Ok)
            _failed.Add((server.Name, part.Status));
        _parts[at] = part with
        {
            Addresses = [.. part.Addresses.Select(a => new ResolvedAddress(
                a.Ip, server.Port, server.Priority, Math.Max(1, server.Weight), server.Name))],
        };
        if (--_missing > 0)
            return;
        ResolvedAddress[] all = [.. _parts.SelectMany(p => p.Addresses)];
        if (all.Length > 0)
            Tell(new Resolution(ResolveStatus.Ok, all, _validSeconds, _failed));
        else
            Tell(_resolver.Failure(_parts.Any(p => p.Status == ResolveStatus.NotFound) ? ResolveStatus.NotFound : _parts[0].Status)
                with { Failed = _failed });
    }

    private void SendAgain()
    {
        _server = (_server + 1) % _resolver.Options.Servers.Count;
        TrySend();
    }

    private sealed class Resend(ServiceLookup lookup) : Deadline
    {
        protected override void Expired() => lookup.SendAgain();
    }
}
