using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// Carries out the rewrite module's directives. Invariants, nginx' own: the steps of an <c>if</c> run among those around it, and the
/// settings that it brings stay after its end; a rewritten path is seen by the steps that follow; captures are those of the last match.
/// </summary>
internal static class RewriteEngine
{
    private const int InternalServerError = 500;

    public static RewriteOutcome Run(RewriteProgram program, IRewriteRequest request, RequestValues values)
    {
        Run(program.Steps, request, values, out var outcome);
        return outcome;
    }

    /// <summary>False when the program ends.</summary>
    private static bool Run(IReadOnlyList<RewriteStep> steps, IRewriteRequest request, RequestValues values, out RewriteOutcome outcome)
    {
        outcome = default;
        for (var i = 0; i < steps.Count; i++)
        {
            var goesOn = steps[i] switch
            {
                RewriteStep.Rewrite rewrite => Rewrite(rewrite, request, values, out outcome),
                RewriteStep.Return @return => Return(@return, values, out outcome),
                RewriteStep.If @if => If(@if, request, values, out outcome),
                RewriteStep.Set set => Set(set, values),
                _ => Break(request),
            };
            if (!goesOn)
                return false;
        }
        return true;
    }

    private static bool Set(RewriteStep.Set set, RequestValues values)
    {
        values.Set(set.Variable, set.Value.Evaluate(values).Span);
        return true;
    }

    private static bool Break(IRewriteRequest request)
    {
        request.StopSearch();
        return false;
    }

    private static bool Return(RewriteStep.Return step, RequestValues values, out RewriteOutcome outcome)
    {
        outcome = new RewriteOutcome(step.Status, step.Text?.Evaluate(values), null);
        return false;
    }

    private static bool If(RewriteStep.If step, IRewriteRequest request, RequestValues values, out RewriteOutcome outcome)
    {
        outcome = default;
        if (!Holds(step.Condition, request, values))
            return true;
        if (step.Location is { } location)
            request.Enter(location);
        return Run(step.Steps, request, values, out outcome);
    }

    private static bool Holds(RewriteCondition condition, IRewriteRequest request, RequestValues values)
    {
        switch (condition)
        {
            case RewriteCondition.Truth truth:
                return IsTrue(values.Get(truth.Variable).Span);
            case RewriteCondition.Equal equal:
                var left = values.Get(equal.Variable);
                return left.Span.SequenceEqual(equal.Value.Evaluate(values).Span) != equal.IsNegated;
            case RewriteCondition.Match match:
                return match.Pattern.Match(values.Get(match.Variable).Span, values) != match.IsNegated;
            case RewriteCondition.File file:
                return request.Test(file.Path.Evaluate(values).Span, file.Test) != file.IsNegated;
            default:
                return false;
        }
    }

    /// <summary>What counts as true for <c>if</c> and for conditions of other directives.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> value) => value.Length > 1 || (value.Length == 1 && value[0] != '0');

    private static bool Rewrite(RewriteStep.Rewrite step, IRewriteRequest request, RequestValues values, out RewriteOutcome outcome)
    {
        outcome = default;
        if (!step.Pattern.Match(request.Uri, values))
        {
            request.Log($"\"{step.Pattern.Pattern.Source}\" does not match \"{Latin1.Text(request.Uri)}\"", isError: false);
            return true;
        }
        request.Log($"\"{step.Pattern.Pattern.Source}\" matches \"{Latin1.Text(request.Uri)}\"", isError: false);
        if (step.Status != 0)
        {
            outcome = new RewriteOutcome(step.Status, null, RedirectUrl(step, request, values));
            return false;
        }
        // A program is one turn of one thread: its buffers are its own.
        var uri = Compose(step.Path, values, escapesCaptures: false);
        var arguments = NewArguments(step, request, values);
        if (uri.Length == 0)
        {
            request.Log("the rewritten URI has a zero length", isError: true);
            outcome = new RewriteOutcome(InternalServerError, null, null);
            return false;
        }
        request.Log($"rewritten data: \"{Latin1.Text(uri)}\", args: \"{Latin1.Text(arguments)}\"", isError: false);
        request.SetUri(uri, arguments, step.IsBreak);
        return !step.IsLast;
    }

    private static byte[] NewArguments(RewriteStep.Rewrite step, IRewriteRequest request, RequestValues values)
    {
        if (step.Arguments is null)
            return step.AddsArguments ? request.Arguments.ToArray() : [];
        var own = Compose(step.Arguments, values, request.HasEscapedUri);
        return step.AddsArguments && !request.Arguments.IsEmpty ? [.. own, (byte)'&', .. request.Arguments] : own;
    }

    private static byte[] RedirectUrl(RewriteStep.Rewrite step, IRewriteRequest request, RequestValues values)
    {
        var output = new ArrayBufferWriter<byte>(256);
        UriEscape.UnescapeRedirect(Compose(step.Path, values, request.HasEscapedUri), output);
        if (step.AddsArguments && !request.Arguments.IsEmpty)
        {
            // One question mark is enough, wherever the replacement has it.
            output.Write([step.Path.Source.Contains('?') ? (byte)'&' : (byte)'?']);
            output.Write(request.Arguments);
        }
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Compose(ComplexValue value, RequestValues values, bool escapesCaptures)
    {
        var output = new ArrayBufferWriter<byte>(256);
        if (escapesCaptures)
            value.WriteEscaped(values, output);
        else
            value.Write(values, output);
        return output.WrittenSpan.ToArray();
    }
}
