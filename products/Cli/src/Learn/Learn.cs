using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Microcosm.Cli;

/// <summary><c>cosm learn</c>: the contents of the course, or a chapter of it step by step.</summary>
internal static class Learn
{
    // Longer lines are hard to read.
    private const int WidthMax = 100;

    public static Command Command()
    {
        var name = new Argument<string?>("chapter") { Description = "Its number, or a word of its title; the contents when left out.",
            Arity = ArgumentArity.ZeroOrOne };
        var yes = new Option<bool>("--yes") { Description = "Run all steps without asking, as is done where there is no terminal." };
        var command = new Command("learn", "Learn how the systems work inside, from chapters whose steps run.") { name, yes };
        command.SetAction(async (parsed, cancellation) =>
        {
            var entries = Course.Entries();
            if (parsed.GetValue(name) is not { } wanted)
                return List(entries, parsed);
            if (Contents.Find(entries, wanted) is not { } entry)
                return Output.Fail(ExitCode.Usage, $"there is no chapter '{wanted}'; 'cosm learn' lists them");
            if (entry.File is not { } file)
            {
                if (!Output.IsJson(parsed))
                    TerminalMarkdown.Write(Terminal(Console.Out), entry.About);
                return Output.Fail(ExitCode.Failed, $"chapter {entry.Number}, {entry.Title}, is not written yet");
            }
            return await LeadAsync(Course.Chapter(file), parsed, parsed.GetValue(yes), cancellation);
        });
        return command;
    }

    private static int List(IReadOnlyList<ContentsEntry> entries, ParseResult parsed)
    {
        if (Output.IsJson(parsed))
        {
            Output.Json(new JsonArray([.. entries.Select(e => new JsonObject
            {
                ["chapter"] = e.Number,
                ["title"] = e.Title,
                ["group"] = e.Group,
                ["isWritten"] = e.File is not null,
                ["about"] = e.About,
            })]));
            return ExitCode.Ok;
        }
        foreach (var group in entries.GroupBy(e => e.Group))
        {
            if (group.Key.Length > 0)
                Console.WriteLine($"\n{group.Key}");
            foreach (var entry in group)
                Console.WriteLine($"  {entry.Number,2}  {entry.Title}{(entry.File is null ? " (not written yet)" : "")}");
        }
        Console.WriteLine("\n'cosm learn 22' leads through a chapter; of one that is not written yet it says what it will show.");
        return ExitCode.Ok;
    }

    private static async Task<int> LeadAsync(Chapter chapter, ParseResult parsed, bool yes, CancellationToken cancellation)
    {
        var isJson = Output.IsJson(parsed);
        var isAsked = !yes && !isJson && !Console.IsInputRedirected && !Console.IsOutputRedirected;
        var missing = chapter.Steps.Select(ChapterRun.MissingProgram).OfType<string>().Distinct().ToList();
        if (missing.Count > 0 && !isAsked)
            return Output.Fail(ExitCode.Failed, $"the chapter needs {string.Join(", ", missing)}: 'cosm doctor' says where to get it");
        var console = Terminal(isJson ? TextWriter.Null : Console.Out);
        await using var run = new ChapterRun(asPeer: true, onShownPorts: isAsked);
        var result = await new Lesson(chapter, run, console, isAsked ? ReadKey : null).LeadAsync(cancellation);
        var differ = result.Different;
        if (isJson)
            Output.Json(Describe(result));
        else if (result.Outcomes.Count + result.Skipped > 0)
            Console.WriteLine(
                $"{result.Outcomes.Count - differ} steps did what the chapter says, {differ} did not, {result.Skipped} skipped");
        return differ > 0 || cancellation.IsCancellationRequested ? ExitCode.Failed : ExitCode.Ok;
    }

    private static JsonObject Describe(LessonResult result) => new()
    {
        ["steps"] = new JsonArray([.. result.Outcomes.Select(o => new JsonObject
        {
            ["line"] = o.Step.Line,
            ["prompt"] = o.Step.Prompt,
            ["command"] = o.Step.Command,
            ["printed"] = o.Printed,
            ["matches"] = o.Matches,
        })]),
        ["different"] = result.Different,
    };

    private static IAnsiConsole Terminal(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Min(console.Profile.Width, WidthMax);
        return console;
    }

    // Ctrl+C is a key here like q: the world is ended before the program is.
    private static ConsoleKey ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            var key = Console.ReadKey(intercept: true);
            return key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } ? ConsoleKey.Q : key.Key;
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
