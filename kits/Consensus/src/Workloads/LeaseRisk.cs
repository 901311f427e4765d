namespace Microcosm.Consensus;

/// <summary>What may outdo a lease: a seed of the workload about leases is about one of these.</summary>
internal enum LeaseRisk
{
    /// <summary>Clocks that run at wrong rates, near the bound.</summary>
    Drift,

    /// <summary>Voters that restart, and have forgotten whom they heard.</summary>
    Restart,

    /// <summary>Leaders that hand over.</summary>
    Transfer,
}
