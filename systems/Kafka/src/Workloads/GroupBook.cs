using System.Globalization;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>What the members of one group hold, read and commit, and what must be true of it.</summary>
/// <param name="isMixed">Members of both protocols: their generations and epochs are not one series.</param>
internal sealed class GroupBook(SimulatedWorld world, bool isMixed = false)
{
    // Clocks drift.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly SortedDictionary<(int Generation, int Partition), int> _owners = [];
    private readonly SortedDictionary<int, Life> _lives = [];
    private readonly SortedDictionary<int, long> _committed = [];
    private readonly SortedSet<(int Partition, long Offset)> _shown = [];
    private int _generation;

    /// <summary>Time since the world began.</summary>
    public TimeSpan Now => world.Now;

    /// <summary>A member begins; the number it has here.</summary>
    public int Begin()
    {
        _lives.Add(_lives.Count + 1, new Life());
        return _lives.Count;
    }

    /// <summary>The coordinator answered this member, so it is one for as long as its session from when it asked.</summary>
    public void Answered(int life, TimeSpan askedAt, TimeSpan session) => _lives[life].Until = askedAt + session - Slack;

    /// <summary>A member was given partitions, in a generation or member epoch: its own until it lets go or its session is over.</summary>
    public void Assigned(int life, int generation, IEnumerable<int> partitions)
    {
        _generation = Math.Max(_generation, generation);
        foreach (var partition in partitions)
        {
            if (!isMixed && _owners.TryGetValue((generation, partition), out var owner) && owner != life)
                throw new CheckFailedException("shared",
                    $"members {owner} and {life} were both given partition {partition} in generation {generation}");
            _owners[(generation, partition)] = life;
            var other = _lives.FirstOrDefault(l => l.Key != life && l.Value.Held.Contains(partition) && l.Value.Until > Now);
            if (other.Value is not null)
            {
                throw new CheckFailedException("shared", $"member {life} was given partition {partition} in generation {generation}, "
                    + $"and member {other.Key} has it until {other.Value.Until.TotalMilliseconds} ms");
            }
            _lives[life].Held.Add(partition);
        }
    }

    public void LetGo(int life, IEnumerable<int> partitions) => _lives[life].Held.ExceptWith(partitions);

    /// <summary>A member read a record.</summary>
    public void Shown(int partition, long offset) => _shown.Add((partition, offset));

    /// <summary>The newest generation that any member was told of.</summary>
    public int Generation => _generation;

    /// <summary>Whether a commit by this generation of a classic group must be refused, because all are in a newer one.</summary>
    public bool IsOver(int generation) => !isMixed && generation < _generation;

    /// <summary>What is committed of a partition at least.</summary>
    public long FloorOf(int partition) => _committed.GetValueOrDefault(partition);

    /// <summary>A commit was answered without an error.</summary>
    public void Committed(int partition, long offset) => _committed[partition] = Math.Max(offset, FloorOf(partition));

    /// <summary>The coordinator said what is committed, when asked after <paramref name="floor"/> was.</summary>
    public static void CheckFetched(int partition, long offset, long floor)
    {
        if (offset < floor)
        {
            throw new CheckFailedException("back", string.Create(
                CultureInfo.InvariantCulture, $"offset {floor} of partition {partition} was committed, and now it is {offset}"));
        }
    }

    /// <summary>In the end: who commits has read all before it.</summary>
    public void Check(int partition, IEnumerable<long> log)
    {
        var skipped = log.Where(o => !_shown.Contains((partition, o))).ToArray();
        if (skipped.Length > 0)
            throw new CheckFailedException("skipped",
                $"no member was shown offset {skipped[0]} of partition {partition}, and the group is past it");
    }

    private sealed class Life
    {
        public HashSet<int> Held { get; } = [];

        public TimeSpan Until { get; set; }
    }
}
