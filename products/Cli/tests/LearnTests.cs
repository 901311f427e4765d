using System.Text.RegularExpressions;

namespace Microcosm.Cli.Tests;

/// <summary><c>cosm learn</c>, as it is typed where there is no terminal.</summary>
public sealed class LearnTests
{
    [Fact]
    public async Task Without_a_chapter_it_lists_all_of_them()
    {
        var listed = (await Cosm.RunAsync("learn", "--output", "json")).Json.AsArray();
        Assert.Equal(Enumerable.Range(0, 29), listed.Select(e => (int)e!["chapter"]!));
        var text = (await Cosm.RunAsync("learn")).Text;
        Assert.Contains("\n  23  Redis\n", text);
        Assert.All(listed, e => Assert.Contains($"{e!["chapter"],2}  {e["title"]}", text));
    }

    [Fact]
    public async Task A_chapter_runs_from_its_beginning_to_its_end()
    {
        var run = await Cosm.RunAsync("learn", "23", "--yes");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var steps = Course.Chapter("23-redis-internals.md").Steps.Count;
        Assert.EndsWith($"{steps} steps did what the chapter says, 0 did not, 0 skipped\n", run.Text);
        Assert.Equal(steps, Regex.Count(run.Text, "^✓ as the chapter says$", RegexOptions.Multiline));
        Assert.Contains("23. Redis inside\n", run.Text);
        Assert.Contains("\n$ redis-cli STRLEN short\n(integer) 44\n✓", run.Text);
        Assert.Contains("\n127.0.0.1:6379(TX)> DECR stock\nQUEUED\n✓", run.Text);
    }

    [Fact]
    public async Task Programs_get_one_value_that_has_every_step()
    {
        // A stand-in takes the place of redis-cli where there is none.
        var command = Cosm.Command("learn", "23", "--output", "json");
        command.Environment["PATH"] = Path.GetDirectoryName(Environment.ProcessPath);
        var run = await Cosm.RunAsync(command);
        Assert.Equal((0, 0), (run.ExitCode, (int)run.Json["different"]!));
        Assert.Equal(
            Course.Chapter("23-redis-internals.md").Steps.Select(s => s.Command),
            run.Json["steps"]!.AsArray().Select(s => (string)s!["command"]!));
    }

    [Fact]
    public async Task A_chapter_whose_clients_are_missing_does_not_begin()
    {
        var command = Cosm.Command("learn", "kafka");
        command.Environment["PATH"] = Path.GetDirectoryName(Environment.ProcessPath);
        var run = await Cosm.RunAsync(command);
        Assert.Equal((1, "", "cosm: the chapter needs kcat: 'cosm doctor' says where to get it\n"), (run.ExitCode, run.Text, run.Errors));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("mapreduce")]
    public async Task Of_a_chapter_that_is_not_written_it_says_what_it_will_show(string name)
    {
        var run = await Cosm.RunAsync("learn", name);
        Assert.Equal((1, "cosm: chapter 5, MapReduce, is not written yet\n"), (run.ExitCode, run.Errors));
        Assert.Contains("is skipped the third time.", run.Text);
    }
}
