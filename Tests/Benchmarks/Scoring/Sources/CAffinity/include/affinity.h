#pragma once

/// Keeps the calling thread on one processor; 0 if it could.
int pin_to_processor(int processor);
