using Microcosm.Cli;

namespace Microcosm.Course.Tests;

/// <summary>The runner itself: it must see a difference, and refuse what it cannot run.</summary>
public sealed class RunnerTests
{
    private const string Text = "# A\n\n```console\n$ ls a  # look\none\ntwo\n"
        + "127.0.0.1:6379(TX)> GET k\n\"v\"\n```\n\n```\n$ not run\n```\n";

    [Theory]
    [InlineData(true, "a\nb", "a \nb\n")]
    [InlineData(true, "at … done", "at 12:30 done")]
    [InlineData(true, "a\n…\nz", "a\nz")]
    [InlineData(true, "a\n…\nz", "a\nb\nc\nz")]
    [InlineData(true, "", "")]
    [InlineData(false, "", "a")]
    [InlineData(false, "a", "")]
    [InlineData(false, "a", "a\nb")]
    [InlineData(false, "a…c", "a\nc")]
    [InlineData(false, "a.c", "abc")]
    [InlineData(false, "a\n…\nz", "a\nb\ny")]
    public void Output_is_compared_with_what_is_quoted(bool same, string quoted, string output) =>
        Assert.Equal(same, QuotedOutput.Matches(quoted.Length == 0 ? [] : quoted.Split('\n'), output));

    [Fact]
    public void Blocks_marked_console_are_steps_and_others_are_not()
    {
        var steps = Chapter.Parse("a.md", Text).Steps;
        Assert.Equal([(4, "$", "ls a  # look"), (7, "127.0.0.1:6379(TX)>", "GET k")], steps.Select(s => (s.Line, s.Prompt, s.Command)));
        Assert.Equal([2, 1], steps.Select(s => s.Expected.Count));
    }

    [Fact]
    public void An_update_changes_the_output_of_one_step_and_nothing_else()
    {
        var chapter = Chapter.Parse("a.md", Text);
        Assert.Equal(Text.Replace("one\ntwo\n", "three\n"), chapter.With(new Dictionary<Step, string> { [chapter.Steps[0]] = "three" }));
        Assert.Equal(Text.Replace("\"v\"\n", ""), chapter.With(new Dictionary<Step, string> { [chapter.Steps[1]] = "" }));
    }

    [Fact]
    public void Between_the_steps_is_prose_and_a_section_begins_another()
    {
        var parts = Chapter.Parse("a.md", "# A\n\none\n\n## B\n\n```\n## no heading\n```\n\n```console\n$ ls a\n```\n\nend\n").Parts;
        Assert.Equal(["# A\n\none", "## B\n\n```\n## no heading\n```", "end"], parts.OfType<Prose>().Select(p => p.Markdown));
        Assert.Equal([false, true, false], parts.OfType<Prose>().Select(p => p.IsSection));
        Assert.Equal("ls a", Assert.IsType<Step>(parts[2]).Command);
    }

    [Fact]
    public void Blocks_that_name_a_file_are_written_to_it()
    {
        var steps = Chapter.Parse("a.md", "```nginx edge.conf\nevents { }\n$ not run\n```\n```nginx\nnothing\n```\n").Steps;
        var step = Assert.Single(steps);
        Assert.Equal((true, "edge.conf", "events { }\n$ not run"), (step.IsFile, step.Command, string.Join('\n', step.Expected)));
    }

    [Theory]
    [InlineData("```nginx edge.conf\nevents { }\n")]
    [InlineData("```console\n$ ls a\n")]
    [InlineData("```console\noutput\n```")]
    public void A_block_that_is_none_is_refused(string text) =>
        Assert.Contains("a.md:", Assert.Throws<FormatException>(() => Chapter.Parse("a.md", text)).Message);

    [Fact]
    public void Words_are_split_as_every_shell_does() =>
        Assert.Equal(
            ["cosm", "fault", "add", "redis.SET nth=3", "", "a#b"],
            ShellWords.Split("cosm fault  add \"redis.SET nth=3\" '' a#b # no"));

    [Theory]
    [InlineData("cat a | wc")]
    [InlineData("cosm up &")]
    [InlineData("redis-cli KEYS *")]
    [InlineData("redis-cli GET $HOME")]
    [InlineData("redis-cli GET \"$HOME\"")]
    [InlineData("redis-cli GET 'a")]
    [InlineData("# only a comment")]
    public void What_needs_a_real_shell_is_refused(string command) => Assert.Throws<FormatException>(() => ShellWords.Split(command));

    [Fact]
    public void Ports_are_those_of_the_chapter()
    {
        var ports = new PortMap();
        ports.Learn(["redis 127.0.0.1:6379", "control http://127.0.0.1:7070"], "redis 127.0.0.1:41000\ncontrol http://127.0.0.1:41001");
        Assert.Equal(41000, ports.Actual(6379));
        Assert.Equal("127.0.0.1:7070, 127.0.0.1:80", ports.ToShown("127.0.0.1:41001, 127.0.0.1:80"));
        Assert.Equal(["6379 is 41000", "7070 is 41001"], ports.Others);
        Assert.Throws<FormatException>(() => ports.Actual(9092));
    }

    [Theory]
    [InlineData("$ ls a/../..")]
    [InlineData("$ rm a")]
    [InlineData("$ redis-cli --pipe")]
    [InlineData("$ redis-cli PING")]
    [InlineData("127.0.0.1:6379> PING")]
    public async Task A_step_that_cannot_run_says_where(string step)
    {
        var chapter = Chapter.Parse("a.md", $"```console\n{step}\n```");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Differences.FindAsync(chapter, asPeer: false));
        Assert.StartsWith("a.md:2: " + step, refusal.Message);
    }

    [Fact]
    public async Task A_step_that_prints_something_else_is_found()
    {
        var chapter = Chapter.Parse("a.md", "```console\n$ cosm ps\nseed 1\n```");
        var (step, printed) = Assert.Single(await Differences.FindAsync(chapter, asPeer: false));
        Assert.Equal(2, step.Line);
        Assert.StartsWith("cosm: no world is running", printed);
    }
}
