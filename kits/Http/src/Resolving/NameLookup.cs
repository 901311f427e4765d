using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Waits for the addresses of a name, which may turn out to be another's.</summary>
internal sealed class NameLookup(Resolver resolver, Deadlines deadlines, Action<Resolution> done) : Lookup(deadlines, done)
{
    private const int AliasesMax = 50;

    private int _aliases;

    /// <summary>What it waits for.</summary>
    public NameQuestion? Question { get; set; }

    private protected override Resolution OutOfTime => resolver.Failure(ResolveStatus.TimedOut);

    public void Begin(long timeoutMs) => WaitAtMost(timeoutMs);

    public void End(Resolution resolution) => Tell(resolution);

    /// <summary>The name is another's. False where that was so too often: it has been told then.</summary>
    public bool FollowsAlias()
    {
        if (_aliases++ < AliasesMax)
            return true;
        Tell(resolver.Failure(ResolveStatus.NotFound));
        return false;
    }

    private protected override void Left() => Question?.Leave(this);
}
