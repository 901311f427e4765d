using Microcosm.Cli;

namespace Microcosm.Course.Tests;

/// <summary>Runs a chapter as a test.</summary>
internal static class Differences
{
    /// <summary>
    /// The steps that printed something else than is quoted, and what they printed. Throws <see cref="InvalidOperationException"/>, with
    /// the line, for a step that cannot run.
    /// </summary>
    public static async Task<Dictionary<Step, string>> FindAsync(Chapter chapter, bool asPeer)
    {
        await using var run = new ChapterRun(asPeer);
        var differences = new Dictionary<Step, string>();
        foreach (var step in chapter.Steps)
        {
            try
            {
                if (await run.RunAsync(step) is { Matches: false } outcome)
                    differences[step] = outcome.Printed;
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidOperationException($"{chapter.Path}:{step.Line}: {step.Prompt} {step.Command}\n{e.Message}", e);
            }
        }
        return differences;
    }
}
