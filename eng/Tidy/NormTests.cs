namespace Microcosm.Tidy.Tests;

/// <summary>The norms, over all files.</summary>
public sealed class NormTests
{
    [Fact]
    public void Lines_are_at_most_140_characters() => Findings.None(Repository.Sources.SelectMany(Norms.LongLines));

    [Fact]
    public void Functions_are_at_most_70_lines() => Findings.None(Repository.Sources.SelectMany(Norms.LongFunctions));

    [Fact]
    public void A_file_has_one_public_type() => Findings.None(Repository.Sources.SelectMany(Norms.SecondPublicTypes));

    [Fact]
    public void Namespaces_are_file_scoped() => Findings.None(Repository.Sources.SelectMany(Norms.BlockNamespaces));

    [Fact]
    public void Partial_is_for_generated_code() => Findings.None(Repository.Sources.SelectMany(Norms.NeedlessPartials));

    [Fact]
    public void Type_names_say_what_the_type_is() => Findings.None(Repository.Sources.SelectMany(Norms.VagueNames));

    [Fact]
    public void Tests_do_not_sleep() => Findings.None(Repository.Sources.Where(f => f.IsTest).SelectMany(Norms.Sleeps));

    [Fact]
    public void Nothing_walks_over_an_unordered_map() =>
        Findings.None(Repository.Sources.Where(f => f.IsProduct && (f.IsIn("kits") || f.IsIn("systems"))).SelectMany(Norms.UnorderedWalks));

    [Fact]
    public void A_ban_is_lifted_with_a_reason() => Findings.None(Repository.Sources.SelectMany(Norms.BansLiftedInSilence));

    /// <summary>Design: tier A. Consensus, elections, coordinators, databases: stepped by inputs, no task, no clock.</summary>
    [Fact]
    public void Cores_neither_wait_nor_read_clocks() =>
        Findings.None(Repository.Sources.Where(f => IsCore(f.Path)).SelectMany(Norms.WaitsAndClocks));

    [Theory]
    [InlineData("systems/Redis/src/Core/Database.cs", true)]
    [InlineData("systems/Redis/src/Core/Keys/Entry.cs", true)]
    [InlineData("kits/Consensus/src/RaftCore/Log.cs", true)]
    [InlineData("kits/Consensus/src/Raft/RaftCore.cs", true)]
    [InlineData("systems/Redis/src/Shell/RedisNode.cs", false)]
    [InlineData("systems/Redis/tests/Core/DatabaseTests.cs", false)]
    public void A_core_is_known_by_its_place(string path, bool isCore) => Assert.Equal(isCore, IsCore(path));

    private static bool IsCore(string path) => path.Split('/') switch
    {
        ["systems", _, "src", "Core", ..] => true,
        ["kits", _, "src", .. var rest] => rest.Any(p => p.Contains("Core", StringComparison.Ordinal)),
        _ => false,
    };
}
