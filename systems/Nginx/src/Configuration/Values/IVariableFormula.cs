using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>A value computed from other values of the same request.</summary>
internal interface IVariableFormula
{
    /// <summary>Writes the value; false if there is none.</summary>
    bool TryWrite(RequestValues values, IBufferWriter<byte> output);
}
