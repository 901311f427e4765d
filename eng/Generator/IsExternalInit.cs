namespace System.Runtime.CompilerServices;

/// <summary>What records need of the compiler's support types; netstandard2.0 lacks it.</summary>
internal static class IsExternalInit;
