using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Microcosm.Redis.Tests;

/// <summary>Runs a theory over each carrier: <c>[Theory, EveryCarrier]</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryCarrierAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Carrier>().Select(c => new TheoryDataRow(c))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
