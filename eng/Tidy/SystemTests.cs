namespace Microcosm.Tidy.Tests;

/// <summary>
/// Every system has what makes it one of them: a test for each limit, the peer's own client, kept seeds, a chapter, a score. <see
/// cref="AnatomyTests"/> look at its folders and README, <see cref="ContractTests"/> at its contract and scripts.
/// </summary>
public sealed class SystemTests
{
    // What is missing, or only sounds like a limit, and why. What is found no more must go.
    private static readonly Dictionary<string, string> Known = new()
    {
        ["Redis: MaxMemoryPolicy sounds like a limit"] = "how maxmemory is kept",
        ["Redis: MaxMemorySamples sounds like a limit"] = "how maxmemory is kept",
        ["Redis: MaxMemoryEvictionTenacity sounds like a limit"] = "how maxmemory is kept",
        ["Redis: SlowlogMaxLen sounds like a limit"] = "there is no slow log, and there are no replicas",
        ["Redis: MinReplicasMaxLag sounds like a limit"] = "there is no slow log, and there are no replicas",
        ["Redis: HllSparseMaxBytes sounds like a limit"] = "where an encoding gives way to the next",
        ["Redis: HashMaxListpackEntries sounds like a limit"] = "where an encoding gives way to the next",
        ["Redis: HashMaxListpackValue sounds like a limit"] = "where an encoding gives way to the next",
        ["Redis: ZsetMaxListpackEntries sounds like a limit"] = "where an encoding gives way to the next",
        ["Redis: ZsetMaxListpackValue sounds like a limit"] = "where an encoding gives way to the next",
        ["Redis: SetMaxIntsetEntries sounds like a limit"] = "where an encoding gives way to the next",
        ["Redis: ListMaxListpackSize sounds like a limit"] = "where an encoding gives way to the next",
        ["Kafka: ReplicaLagTimeMaxMs sounds like a limit"] = "a time",
        ["Kafka: ReplicaFetchMaxBytes sounds like a limit"] = "what a follower asks for",
        ["Kafka: ReplicaFetchResponseMaxBytes sounds like a limit"] = "what a follower asks for",
        ["Kafka: ReplicaFetchWaitMaxMs sounds like a limit"] = "what a follower asks for",
        ["Kafka: no test of the limit fetch.max.bytes"] = "tests of Fetch set the limits of a request and a partition only",
        ["Kafka: no test of the limit UnderWayMax"] = "only the real client library comes near it",
        ["Kafka: no test of the limit AclsMax"] = "a hundred thousand ACLs through the log of metadata take too long",
        ["Chubby: no test of the limit maxSessionTimeout"] = "kazoo's own tests ask for longer ones",
        ["Chubby: no test of the limit HandlesMax"] = "tests of the core save the whole state at each of ten thousand steps",
        ["Chubby: no test of the limit AclEntriesMax"] = "none yet",
        ["Chubby: no test of the limit CallsMax"] = "none yet",
        ["Nginx: no test of the limit variable depth"] = "none yet",
        ["Nginx: no test of the limit pattern depth"] = "none yet",
        ["Nginx: no test of the limit limit_req key"] = "none yet",
        ["Nginx: no test of the limit limit_conn key"] = "none yet",
    };

    public static IEnumerable<TheoryDataRow<string>> Systems() => Repository.WholeSystems.Select(s => new TheoryDataRow<string>(s));

    [Theory]
    [MemberData(nameof(Systems))]
    public void Every_limit_is_declared_and_has_a_test(string system) => None(system, s =>
        [.. SystemRules.UntestedLimits(s), .. SystemRules.UndeclaredLimits(s), .. SystemRules.HiddenLimits(s)]);

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_client_of_the_peers_is_tried(string system) => None(system, SystemRules.MissingClient);

    [Theory]
    [MemberData(nameof(Systems))]
    public void Seeds_are_kept(string system) => None(system, SystemRules.MissingSeed);

    [Theory]
    [MemberData(nameof(Systems))]
    public void The_course_has_a_chapter(string system) => None(system, SystemRules.MissingChapter);

    [Theory]
    [MemberData(nameof(Systems))]
    public void It_has_a_score(string system) => None(system, SystemRules.MissingScore);

    /// <summary>A system that is no more, or that is not in this checkout, is nobody's gap.</summary>
    [Fact]
    public void What_is_known_to_be_missing_is_missing()
    {
        var whole = Repository.WholeSystems.ToArray();
        var found = whole.SelectMany(Found).ToHashSet();
        Findings.None(Known.Keys.Where(k => whole.Contains(k.Split(':')[0]) && !found.Contains(k)));
    }

    private static IEnumerable<string> Found(string system) => new Func<string, IEnumerable<string>>[]
    {
        SystemRules.UntestedLimits, SystemRules.UndeclaredLimits, SystemRules.HiddenLimits, SystemRules.MissingClient,
        SystemRules.MissingSeed, SystemRules.MissingChapter, SystemRules.MissingScore,
    }.SelectMany(rule => rule(system));

    private static void None(string system, Func<string, IEnumerable<string>> rule) =>
        Findings.None(rule(system).Where(f => !Known.ContainsKey(f)));
}
