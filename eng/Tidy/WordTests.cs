using System.Text.RegularExpressions;

namespace Microcosm.Tidy.Tests;

/// <summary>No tracked file says on which machine or by what means it was made.</summary>
public sealed partial class WordTests
{
    // Files whose subject is such a path, each with its reason.
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["eng/Tidy/WordTests.cs"] = "the patterns and their examples",
    };

    // Files that are not text.
    private static readonly string[] Binary = [".rdb", ".aof", ".png", ".ico"];

    [Fact]
    public void No_file_names_a_machine_or_a_registry_or_its_making() => Findings.None(Repository.Files
        .Where(f => !Exempt.ContainsKey(f) && !Binary.Contains(Path.GetExtension(f)))
        .SelectMany(f => Repository.Lines(f).Index().SelectMany(l => Found(l.Item).Select(w => $"{f}:{l.Index + 1}: {w}"))));

    [Fact]
    public void Every_exemption_is_needed() =>
        Findings.None(Exempt.Keys.Where(f => !Repository.Files.Contains(f) || !Repository.Lines(f).SelectMany(Found).Any()));

    [Theory]
    [InlineData("cd /work/main")]
    [InlineData("\"/home/me/x\"")]
    [InlineData("file:///root/.cache")]
    [InlineData("log in /tmp/out.txt")]
    [InlineData(@"C:\Users\me")]
    [InlineData("/Users/me/src")]
    [InlineData("https://api.nuget.org/v3/index.json")]
    [InlineData("registry.npmjs.org")]
    [InlineData("see ../shared/design.md")]
    [InlineData("asked a subagent")]
    [InlineData("Co-Authored-By: Claude")]
    [InlineData("in my worktree")]
    public void Such_words_are_found(string line) => Assert.NotEmpty(Found(line));

    [Theory]
    [InlineData("src/work/Item.cs")]
    [InlineData("docs/home/index.md")]
    [InlineData("/usr/bin/env bash")]
    [InlineData("User-Agent: curl")]
    [InlineData("the session's transport, an agent of the store")]
    public void Other_words_are_left_alone(string line) => Assert.Empty(Found(line));

    private static IEnumerable<string> Found(string line) =>
        MachinePath().Matches(line).Concat(Registry().Matches(line)).Concat(Making().Matches(line)).Select(m => m.Value);

    [GeneratedRegex(@"(?<![\w.~*-])/(?:work|root|home|tmp|Users|var/folders|mnt|private)/\w*|[A-Z]:\\{1,2}Users\b|/proc/self/cwd")]
    private static partial Regex MachinePath();

    [GeneratedRegex(
        @"\bnuget\.org|registry\.(?:npmjs|yarnpkg)|pypi\.org|crates\.io|proxy\.golang\.org|(?:deb\.debian|archive\.ubuntu)\.",
        RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(
        @"\.\./shared/|\b(?:sub-?agents?|claude|anthropic|chatgpt|copilot|worktrees?|llm)\b|BRIEF\.md|co-authored-by",
        RegexOptions.IgnoreCase)]
    private static partial Regex Making();
}
