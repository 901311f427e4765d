using Spectre.Console;

namespace Microcosm.Cli;

/// <summary>Leads through a chapter: shows its prose, and each step before it runs, and what it printed beside what the chapter
/// quotes.</summary>
/// <param name="chapter">What is shown.</param>
/// <param name="run">Runs its steps.</param>
/// <param name="console">Where all of it is shown.</param>
/// <param name="readKey">The reader's next key: Enter goes on, S skips, Q ends. Null where nobody is asked and all steps run.</param>
internal sealed class Lesson(Chapter chapter, ChapterRun run, IAnsiConsole console, Func<ConsoleKey>? readKey)
{
    private readonly List<StepOutcome> _outcomes = [];
    private int _skipped;

    /// <summary>Goes on to the end of the chapter, or until the reader has enough.</summary>
    public async Task<LessonResult> LeadAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var part in chapter.Parts)
            {
                cancellation.ThrowIfCancellationRequested();
                var key = part is Prose { IsSection: false } ? ConsoleKey.Enter : await AskAsync(part, cancellation);
                if (key == ConsoleKey.Q)
                    break;
                if (part is Prose prose)
                    TerminalMarkdown.Write(console, prose.Markdown);
                else if (key == ConsoleKey.S)
                    _skipped++;
                else
                    await RunAsync((Step)part, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader has enough; what ran so far is the result.
        }
        return new(_outcomes, _skipped);
    }

    // Shows the step, and waits for the key that says what becomes of it.
    private async Task<ConsoleKey> AskAsync(Part part, CancellationToken cancellation)
    {
        if (part is Step step)
            Show(step);
        if (readKey is null)
            return ConsoleKey.Enter;
        console.Markup(part is Step ? "[dim]Enter runs it, s skips it, q ends[/]" : "[dim]Enter goes on, q ends[/]");
        ConsoleKey key;
        do
            key = await Task.Run(readKey, cancellation).WaitAsync(cancellation);
        while (key is not (ConsoleKey.Enter or ConsoleKey.Q) && !(key == ConsoleKey.S && part is Step));
        // The question goes away where it can.
        WriteLines(console.Profile.Capabilities.Ansi ? "\r\e[K" : "\n", "");
        return key;
    }

    private void Show(Step step)
    {
        if (step.IsFile)
        {
            console.MarkupLine($"[bold green]{Markup.Escape(step.Command)}[/]");
            WriteLines(string.Join('\n', step.Expected));
            return;
        }
        console.Markup($"[bold green]{Markup.Escape(step.Prompt)}[/] ");
        WriteLines(step.Command);
    }

    private async Task RunAsync(Step step, CancellationToken cancellation)
    {
        if (ChapterRun.MissingProgram(step) is { } program)
        {
            _skipped++;
            Judge($"[yellow]{program} is not installed here; the chapter quotes:[/]", step.Expected);
            return;
        }
        StepOutcome outcome;
        try
        {
            outcome = await Waiting.ShowAsync("running", run.RunAsync(step, cancellation));
        }
        catch (InvalidOperationException e)
        {
            outcome = new(step, e.Message, Matches: false);
        }
        _outcomes.Add(outcome);
        if (!step.IsFile || !outcome.Matches)
            WriteLines(outcome.Printed);
        if (readKey is not null && IsUp(step) && run.OtherPorts.Any())
            console.MarkupLine($"[yellow]for another terminal: port {string.Join(", ", run.OtherPorts)}[/]");
        if (outcome.Matches)
            Judge(step.IsFile ? "[green]✓ written[/]" : "[green]✓ as the chapter says[/]", []);
        else
            Judge("[red]✗ the chapter says:[/]", step.Expected);
    }

    private static bool IsUp(Step step) => step.Command.StartsWith("cosm up", StringComparison.Ordinal);

    private void Judge(string markup, IReadOnlyList<string> quoted)
    {
        console.MarkupLine(markup);
        WriteLines(string.Join('\n', quoted));
        console.WriteLine();
    }

    // Past the library that draws: it would break long lines.
    private void WriteLines(string text, string end = "\n")
    {
        if (text.Length > 0)
            console.Profile.Out.Writer.Write(text + end);
    }
}
