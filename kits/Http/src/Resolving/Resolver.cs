using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// Looks up names at name servers (as ngx_resolver does): answers are remembered as long as they hold, errors are not; who asks for a name
/// that is asked for already waits with the others. Names and questions are bounded. On its worker's executor.
/// </summary>
public sealed class Resolver(HttpWorker worker, ResolverOptions options, RandomStream random)
{
    private const long FailureSeconds = 10;

    private readonly Dictionary<string, Known> _known = [];
    private readonly Dictionary<string, NameQuestion> _questions = [];
    private int _nextServer;

    internal HttpWorker Worker { get; } = worker;

    internal ResolverOptions Options { get; } = options;

    /// <summary>Names that are remembered.</summary>
    public int KnownCount => _known.Count;

    /// <summary>Names that are asked for now.</summary>
    public int QuestionCount => _questions.Count;

    /// <summary>Looks up addresses.</summary>
    /// <param name="timeoutMs">It takes so long at most; 0 as long as the caller waits.</param>
    /// <param name="done">Told at once where the name is known, and then null comes back.</param>
    public Lookup? Resolve(string name, long timeoutMs, Action<Resolution> done)
    {
        var isOver = false;
        var lookup = new NameLookup(this, Worker.Deadlines, r =>
        {
            isOver = true;
            done(r);
        });
        if (timeoutMs > 0)
            lookup.Begin(timeoutMs);
        Follow(lookup, Lowered(name));
        return isOver ? null : lookup;
    }

    /// <summary>Looks up the servers of a service: of <c>_service._tcp.name</c>, or, where the service has a dot, of
    /// <c>service.name</c>.</summary>
    public Lookup? ResolveService(string name, string service, long timeoutMs, Action<Resolution> done)
    {
        var full = service.Contains('.', StringComparison.Ordinal) ? $"{service}.{name}" : $"_{service}._tcp.{name}";
        var lookup = new ServiceLookup(this, Lowered(full), done);
        if (lookup.TryBegin(timeoutMs))
            return lookup;
        lookup.Cancel();
        done(Failure(ResolveStatus.NotFound));
        return null;
    }

    /// <summary>Goes on with a name, or another's.</summary>
    internal void Follow(NameLookup lookup, string name)
    {
        while (Find(name) is { } known)
        {
            if (known.Addresses.Length > 0)
            {
                lookup.End(new Resolution(ResolveStatus.Ok, Rotated(known.Addresses),
                    Math.Max(0, (known.ValidMs - Worker.Deadlines.NowMs) / 1000)));
                return;
            }
            if (!lookup.FollowsAlias())
                return;
            name = known.Alias;
        }
        if (_questions.TryGetValue(name, out var question))
        {
            question.Add(lookup);
            return;
        }
        question = new NameQuestion(this, name);
        if (_questions.Count >= Options.QuestionsMax)
        {
            lookup.End(Failure(ResolveStatus.ServerFailure));
            return;
        }
        if (!question.TryBegin())
        {
            lookup.End(Failure(ResolveStatus.NotFound));
            return;
        }
        _questions.Add(name, question);
        question.Add(lookup);
    }

    internal void Forget(NameQuestion question) => _questions.Remove(question.Name);

    internal void Keep(string name, IPAddress[] addresses, string alias, long seconds)
    {
        var now = Worker.Deadlines.NowMs;
        if (_known.Count >= Options.NamesMax)
        {
            foreach (var old in _known.Where(k => k.Value.ValidMs < now).Select(k => k.Key).ToArray())
                _known.Remove(old);
            // Whoever makes us ask for so many names at a time does not make us remember them.
            if (_known.Count >= Options.NamesMax)
                _known.Clear();
        }
        _known[name] = new Known(addresses, alias, now + seconds * 1000);
    }

    internal long ValidSecondsOf(IReadOnlyList<DnsRecord> records) =>
        Options.ValidSeconds > 0 ? Options.ValidSeconds : records.Min(r => (long)r.TtlSeconds);

    internal Resolution Failure(ResolveStatus status) =>
        new(status, [], Options.ValidSeconds > 0 ? Options.ValidSeconds : FailureSeconds);

    internal int NextServer() => _nextServer++ % Options.Servers.Count;

    internal ushort NextId() => (ushort)random.NextUInt64();

    private Known? Find(string name)
    {
        if (!_known.TryGetValue(name, out var known))
            return null;
        if (known.ValidMs > Worker.Deadlines.NowMs)
            return known;
        _known.Remove(name);
        return null;
    }

    // Another one comes first each time.
    private ResolvedAddress[] Rotated(IPAddress[] addresses)
    {
        var first = random.Next(addresses.Length);
        return [.. addresses.Select((_, i) => new ResolvedAddress(addresses[(first + i) % addresses.Length]))];
    }

    private static string Lowered(string name)
    {
        var text = name.EndsWith('.') ? name[..^1] : name;
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = from[i] is >= 'A' and <= 'Z' ? (char)(from[i] | 0x20) : from[i];
        });
    }

    private sealed record Known(IPAddress[] Addresses, string Alias, long ValidMs);
}
