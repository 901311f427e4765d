using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace Microcosm.Testing;

/// <summary>
/// Runs a theory once for each of n seeds. The test takes a <see cref="SeededRun"/>, or the seed alone as <c>ulong</c>:
/// <c>[Theory, Seeds(50)] public async Task No_order_is_lost(SeededRun run)</c>. When it fails, its output has the seed, the faults that
/// fired, and the command that runs it again.
/// </summary>
/// <param name="count">How many seeds.</param>
/// <param name="file">Left to the compiler.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeedsAttribute(int count, [CallerFilePath] string? file = null) : DataAttribute, IBeforeAfterTestAttribute
{
    /// <summary>How many seeds.</summary>
    public int Count { get; } = count;

    /// <summary>The first seed; the others follow it.</summary>
    public ulong First { get; init; } = 1;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var parameters = testMethod.GetParameters();
        if (parameters is not [{ ParameterType: var type }] || (type != typeof(SeededRun) && type != typeof(ulong)))
            throw new ArgumentException($"{testMethod.Name} has [Seeds]: its one parameter is a SeededRun or a ulong");
        var range = RangeOf(testMethod);
        return new([.. range.Seeds.Select(seed => new TheoryDataRow(type == typeof(ulong) ? seed : new SeededRun(seed, range)))]);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => false;

    /// <inheritdoc/>
    public void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
    }

    /// <summary>Prints how to run it again, if the test failed.</summary>
    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
            return;
        var argument = test.TestMethodArguments[0];
        (argument as SeededRun)?.Range.OnFailure();
        TestContext.Current.TestOutputHelper?.WriteLine(FailureReport.Of(argument, RangeOf(methodUnderTest).Command));
    }

    private SeedRange RangeOf(MethodInfo testMethod) =>
        new(First, Count, new ReplayCommand(testMethod, file), Environment.GetEnvironmentVariable);
}
