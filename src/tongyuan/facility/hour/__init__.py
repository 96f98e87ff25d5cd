"""Hourly data of stacks and discharges: conversion, validity, substitution, mass; one pass, any engine."""
