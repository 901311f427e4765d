using Spectre.Console;

namespace Microcosm.Cli.Tests;

/// <summary>A lesson as its reader leads it, key by key.</summary>
public sealed class LessonTests
{
    private const string Text = """
        # A chapter

        Its *first* words.

        ## Try it

        Some `text`, and a [link](nowhere.md):

        - one
        - two

        ```nginx a.conf
        events { }
        ```

        ```console
        $ cat a.conf
        events { }
        $ cosm ps
        seed 1
        ```

        | name | what |
        |---|---|
        | x | y |

        ## Break it

        The end.
        """;

    [Fact]
    public async Task Enter_goes_on_and_what_was_printed_stands_beside_what_is_quoted()
    {
        var (result, shown) = await LeadAsync(Text, Repeat(ConsoleKey.Enter, 5));
        Assert.Equal([true, true, false], result.Outcomes.Select(o => o.Matches));
        Assert.Equal((1, 0), (result.Different, result.Skipped));
        Assert.Contains("A chapter\n\nIts first words.\n", shown);
        Assert.Contains("Some text, and a link:\n", shown);
        Assert.Contains("• one", shown);
        Assert.Contains("x    │ y", shown);
        Assert.Contains("$ cat a.conf\nEnter runs it, s skips it, q ends\nevents { }\n✓ as the chapter says\n\n", shown);
        Assert.Contains("\ncosm: no world is running", shown);
        Assert.Contains("\n✗ the chapter says:\nseed 1\n", shown);
        Assert.Contains("The end.", shown);
    }

    [Fact]
    public async Task S_skips_a_step_and_what_it_would_have_done()
    {
        var (result, shown) = await LeadAsync(Text, ConsoleKey.Enter, ConsoleKey.S, ConsoleKey.Enter, ConsoleKey.S, ConsoleKey.Enter);
        var outcome = Assert.Single(result.Outcomes);
        Assert.Equal(("cat a.conf", false), (outcome.Step.Command, outcome.Matches));
        Assert.Equal(2, result.Skipped);
        Assert.Contains("Could not find file", shown);
    }

    [Fact]
    public async Task Q_ends_it_and_other_keys_do_nothing()
    {
        var (result, shown) = await LeadAsync(Text, ConsoleKey.S, ConsoleKey.A, ConsoleKey.Enter, ConsoleKey.Enter, ConsoleKey.Q);
        Assert.Equal("a.conf", Assert.Single(result.Outcomes).Step.Command);
        Assert.EndsWith("q ends\n", shown);
    }

    [Fact]
    public async Task Nobody_is_asked_where_there_is_no_reader()
    {
        var (result, shown) = await LeadAsync(Text);
        Assert.Equal(3, result.Outcomes.Count);
        Assert.Contains("The end.", shown);
        Assert.DoesNotContain("Enter", shown);
    }

    [Fact]
    public async Task A_step_that_cannot_run_says_why_and_the_lesson_goes_on()
    {
        var (result, shown) = await LeadAsync("```console\n$ rm a\n$ ls .\n```\n");
        Assert.Equal([false, false], result.Outcomes.Select(o => o.Matches));
        Assert.Contains("$ rm a\nchapters cannot run 'rm'\n", shown);
    }

    [Fact]
    public async Task A_lesson_that_is_cancelled_ends_before_its_next_step()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await using var run = new ChapterRun(asPeer: false);
        var lesson = new Lesson(Chapter.Parse("a.md", Text), run, Terminal(TextWriter.Null), readKey: null);
        Assert.Empty((await lesson.LeadAsync(cancelled.Token)).Outcomes);
    }

    private static async Task<(LessonResult Result, string Shown)> LeadAsync(string text, params ConsoleKey[] keys)
    {
        var output = new StringWriter();
        var left = new Queue<ConsoleKey>(keys);
        await using var run = new ChapterRun(asPeer: false);
        var result = await new Lesson(Chapter.Parse("a.md", text), run, Terminal(output), keys.Length == 0 ? null : left.Dequeue)
            .LeadAsync(TestContext.Current.CancellationToken);
        Assert.Empty(left);
        return (result, output.ToString());
    }

    private static IAnsiConsole Terminal(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Out = new AnsiConsoleOutput(output),
    });

    private static ConsoleKey[] Repeat(ConsoleKey key, int times) => [.. Enumerable.Repeat(key, times)];
}
