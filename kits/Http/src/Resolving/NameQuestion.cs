using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// A name that is asked for, with all who wait for it: questions for both kinds of addresses, sent again to the next server while no answer
/// comes. It is over when both are answered, or nobody waits any more.
/// </summary>
internal sealed class NameQuestion(Resolver resolver, string name) : Deadline
{
    private readonly List<NameLookup> _waiting = [];
    private DnsQuestion?[] _questions = [];
    private IReadOnlyList<DnsRecord>? _answers4;
    private IReadOnlyList<DnsRecord>? _answers6;
    private ResolveStatus _code;
    private int _server;
    private bool _isOver;

    public string Name { get; } = name;

    /// <summary>Asks. False for what is no name.</summary>
    public bool TryBegin()
    {
        _server = resolver.NextServer();
        _answers4 = resolver.Options.UsesIp4 ? null : [];
        _answers6 = resolver.Options.UsesIp6 ? null : [];
        return TrySend();
    }

    public void Add(NameLookup lookup)
    {
        _waiting.Add(lookup);
        lookup.Question = this;
    }

    public void Leave(NameLookup lookup)
    {
        lookup.Question = null;
        _waiting.Remove(lookup);
        if (_waiting.Count == 0)
            End();
    }

    protected override void Expired()
    {
        _server = (_server + 1) % resolver.Options.Servers.Count;
        TrySend();
    }

    private bool TrySend()
    {
        foreach (var old in _questions)
            old?.End();
        _questions = [_answers4 is null ? Ask(DnsType.A) : null, _answers6 is null ? Ask(DnsType.Aaaa) : null];
        if (_questions is [null, null])
            return false;
        resolver.Worker.Deadlines.Set(this, resolver.Options.ResendMs);
        return true;
    }

    private DnsQuestion? Ask(DnsType type) => DnsQuestion.TryAsk(
        resolver.Worker, resolver.Options.Servers[_server], resolver.NextId(), Name, type, Answered);

    private void Answered(DnsResponse response)
    {
        if (_isOver)
            return;
        if (_code == ResolveStatus.Ok)
            _code = response.Code;
        if (response.Type == DnsType.A)
            _answers4 = response.Answers;
        else
            _answers6 = response.Answers;
        if (_answers4 is null || _answers6 is null)
            return;
        End();
        Conclude([.. _answers4, .. _answers6]);
    }

    private void Conclude(DnsRecord[] records)
    {
        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var lookup in waiting)
            lookup.Question = null;
        if (_code != ResolveStatus.Ok)
        {
            TellAll(waiting, resolver.Failure(_code));
            return;
        }
        IPAddress[] addresses = [.. records.Select(r => r.Address).OfType<IPAddress>()];
        // The last question decides, as with nginx: servers give an alias for both.
        var alias = (resolver.Options.UsesIp6 ? _answers6! : _answers4!).LastOrDefault(r => r.Type == DnsType.CName)?.Name;
        if (addresses.Length == 0 && alias is null)
        {
            TellAll(waiting, resolver.Failure(ResolveStatus.NotFound));
            return;
        }
        var seconds = resolver.ValidSecondsOf(records);
        resolver.Keep(Name, addresses, alias ?? "", seconds);
        if (addresses.Length > 0)
        {
            TellAll(waiting, new Resolution(ResolveStatus.Ok, [.. addresses.Select(a => new ResolvedAddress(a))], seconds));
            return;
        }
        foreach (var lookup in waiting)
        {
            if (lookup.FollowsAlias())
                resolver.Follow(lookup, alias!);
        }
    }

    private static void TellAll(NameLookup[] waiting, Resolution resolution)
    {
        foreach (var lookup in waiting)
            lookup.End(resolution);
    }

    private void End()
    {
        if (_isOver)
            return;
        _isOver = true;
        foreach (var question in _questions)
            question?.End();
        resolver.Worker.Deadlines.Remove(this);
        resolver.Forget(this);
    }
}
