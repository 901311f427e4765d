namespace Microcosm.Runtime.Tests;

/// <summary>What carries the connections of a test.</summary>
public enum Carrier
{
    Memory,
    Loop,
    Kestrel,
}
