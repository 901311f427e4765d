using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>
/// Sees all members at once and holds the paper's properties (figure 3) against them as they run: one leader a term, and what one member
/// applied at an index every other applies there too. Terms come from elections only. And while a lease holds, nobody was elected after its
/// holder (thesis 6.4.1).
/// </summary>
internal sealed class RaftObserver(bool checksLeases)
{
    private readonly Dictionary<long, long> _leaders = [];
    private readonly HashSet<long> _candidacies = [0];
    private readonly SortedDictionary<long, (long Term, ulong Hash, string Command, long By)> _applied = [];
    private long _latestTerm;

    /// <summary>Commands in the order of the log, as anybody applied them.</summary>
    public IEnumerable<string> Commands => _applied.Values.Select(a => a.Command);

    public void Leads(long id, long term)
    {
        _latestTerm = Math.Max(_latestTerm, term);
        if (_leaders.TryAdd(term, id) || _leaders[term] == id)
            return;
        throw new CheckFailedException("raft.two-leaders", $"{_leaders[term]} and {id} both lead term {term}");
    }

    public void HoldsLease(long id, long term)
    {
        if (checksLeases && term < _latestTerm)
        {
            throw new CheckFailedException("raft.lease",
                $"{id} holds a lease in term {term} although {_leaders[_latestTerm]} leads term {_latestTerm}");
        }
    }

    public void Stands(long term) => _candidacies.Add(term);

    public void IsInTerm(long id, long term)
    {
        if (!_candidacies.Contains(term))
            throw new CheckFailedException("raft.term", $"{id} is in term {term}, in which nobody stood for election");
    }

    /// <param name="hash">Of everything applied up to this index.</param>
    public void Applies(long id, long index, long term, string command, ulong hash)
    {
        if (_applied.TryAdd(index, (term, hash, command, id)))
            return;
        var first = _applied[index];
        if (first.Term != term || first.Hash != hash || first.Command != command)
        {
            throw new CheckFailedException("raft.divergence",
                $"at {index}, {first.By} applied '{first.Command}' of term {first.Term} and {id} '{command}' of term {term}");
        }
    }
}
